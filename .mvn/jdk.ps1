# Called by mvnw.cmd: prints JAVA_HOME when it is a JDK 25 or later, otherwise the lowest such JDK found where JDKs
# usually lie, otherwise nothing.
$needed = 25

function Get-Release($folder) {
  $file = Join-Path $folder "release"
  if (!(Test-Path (Join-Path $folder "bin\javac.exe")) -or !(Test-Path $file)) { return 0 }
  if ((Get-Content -Raw $file) -match 'JAVA_VERSION="?(\d+)') { return [int]$Matches[1] }
  return 0
}

if ($env:JAVA_HOME -and (Get-Release $env:JAVA_HOME) -ge $needed) { $env:JAVA_HOME; exit 0 }

$places = @(
  "$env:ProgramFiles\Eclipse Adoptium\*", "$env:ProgramFiles\Java\*", "$env:ProgramFiles\Microsoft\*",
  "$env:ProgramFiles\Zulu\*", "$env:ProgramFiles\Amazon Corretto\*", "$env:ProgramFiles\BellSoft\*",
  "$env:USERPROFILE\.jdks\*", "$env:USERPROFILE\.gradle\jdks\*", "$env:USERPROFILE\scoop\apps\*\current"
)
$javac = Get-Command javac.exe -ErrorAction SilentlyContinue
if ($javac) { $places += (Split-Path (Split-Path $javac.Source)) }

Get-Item $places -ErrorAction SilentlyContinue |
  ForEach-Object { [pscustomobject]@{ Path = $_.FullName; Release = (Get-Release $_.FullName) } } |
  Where-Object { $_.Release -ge $needed } | Sort-Object Release | Select-Object -First 1 -ExpandProperty Path
