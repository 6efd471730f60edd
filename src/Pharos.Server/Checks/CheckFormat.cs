namespace Pharos.Server.Checks;

/// <summary>How the result of a check is written.</summary>
public enum CheckFormat
{
    Text,
    Json,
    Sarif,
}
