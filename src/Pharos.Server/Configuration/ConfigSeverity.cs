namespace Pharos.Server.Configuration;

/// <summary>How much a problem matters: an error keeps the file from being used.</summary>
public enum ConfigSeverity
{
    Information,
    Warning,
    Error,
}
