type RequestErrorType =
  | 'InvalidRequestException'
  | 'MetadataException'
  | 'InternalServerException'
  | 'UnknownOperationException'
  | 'SerializationException'
  | 'AccessDeniedException';

/** A request is answered with an error of the protocol: the SDKs make an exception of `type` from it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly type: RequestErrorType;
  /** Athena's own code of an InvalidRequestException, such as `INVALID_INPUT`. */
  readonly athenaErrorCode: string | undefined;

  constructor(type: RequestErrorType, message: string, athenaErrorCode?: string) {
    super(message);
    this.type = type;
    this.athenaErrorCode = athenaErrorCode;
  }

  get status(): number {
    if (this.type === 'InternalServerException') return 500;
    return this.type === 'AccessDeniedException' ? 403 : 400;
  }
}

/** A request that asks for something that is not so. */
export function invalidRequest(message: string, athenaErrorCode = 'INVALID_INPUT'): RequestError {
  return new RequestError('InvalidRequestException', message, athenaErrorCode);
}
