@echo off
setlocal
set "NODE=%~dp0..\..\node_modules\.bin\node.cmd"
if not exist "%NODE%" set "NODE=node"
call "%NODE%" --disable-warning=ExperimentalWarning "%~dp0cli.ts" %*
