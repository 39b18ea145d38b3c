"""Starts MiniStack with what AWS has, a deployment of ours needs, and this version of it lacks.

- A Node function's error keeps its name, and a function that dies gives Runtime.ExitError, so that Retry and Catch by
  name work. MiniStack calls all of them Runtime.HandlerError.
- An alarm on an expression of several metrics can be made. It watches nothing, as no alarm does here.
- With LETHE_EMULATOR_HTTPS=1, requests count as encrypted, as behind a proxy that ends TLS: with AUTH=true, the policies
  of buckets that insist on encryption refuse everything else.
"""

import importlib.metadata
import os
import threading

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

# What is replaced below is the text of this version.
VERSION = "1.5.33"

error = threading.local()


def replace_once(text, old, new):
    if text.count(old) != 1:
        raise SystemExit(f"MiniStack {VERSION} was expected to hold exactly one {old!r}")
    return text.replace(old, new)


def keep_error_names():
    lambda_runtime._NODEJS_WORKER_SCRIPT = replace_once(
        lambda_runtime._NODEJS_WORKER_SCRIPT,
        'status: "error", error: String(err.message || err),',
        'status: "error", name: err.name, error: String(err.message || err),',
    )
    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm

    def invoke_and_note(self, *args, **kwargs):
        result = invoke(self, *args, **kwargs)
        error.name = result.get("name") if result.get("status") != "ok" else None
        if result.get("error") == "Worker process died":
            error.name = "Runtime.ExitError"
        return result

    def execute_and_name(*args, **kwargs):
        error.name = None
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if error.name and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            body["errorType"] = error.name
        return answer

    lambda_runtime.Worker.invoke = invoke_and_note
    lambda_svc._execute_function_warm = execute_and_name


def accept_expressions():
    record = provisioners._cw_metric_alarm_record

    def record_of_one_metric(name, props):
        if props.get("Metrics"):
            props = {**props, "MetricName": "Expression", "Namespace": "Lethe"}
            del props["Metrics"]
        return record(name, props)

    provisioners._cw_metric_alarm_record = record_of_one_metric


def count_as_encrypted():
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source, secure: pin(source, True)


found = importlib.metadata.version("ministack")
if found != VERSION:
    raise SystemExit(f"MiniStack is {found}, but what this script changes is that of {VERSION}")
keep_error_names()
accept_expressions()
if os.environ.get("LETHE_EMULATOR_HTTPS") == "1":
    count_as_encrypted()
app.main()
