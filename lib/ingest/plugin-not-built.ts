// Takes the place of the plugin's zip when a deployment asks for one that nobody has built.
process.stderr.write("The connector's plugin is not built: run npm run build:connector, then deploy again.\n");
process.exitCode = 1;
