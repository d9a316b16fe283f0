@echo off
rem parkline-phone: asks the phone that runs on this desktop. Stands in resources\bin of the app.
"%~dp0..\..\parkline.exe" --command %*
exit /b %ERRORLEVEL%
