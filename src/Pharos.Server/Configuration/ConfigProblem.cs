namespace Pharos.Server.Configuration;

/// <summary>One finding in a user's file: where it stands and what is the matter. Never holds a secret.</summary>
/// <remarks>Line and column count from 1; both are 0 where the finding is about the file as a whole.
/// <see cref="Path"/> is written like <c>scrape_configs[2].relabel_configs[0].regex</c>.</remarks>
public sealed record ConfigProblem(
    ConfigSeverity Severity, string File, int Line, int Column, string Path, string Message)
{
    public ConfigProblemKind Kind { get; init; }

    /// <summary>One line as compilers print it: <c>file:line:column: severity: path: message</c>.</summary>
    public override string ToString()
    {
        var position = Line > 0 ? $":{Line}:{Column}" : "";
        var path = Path.Length > 0 ? $"{Path}: " : "";
        var severity = Severity switch
        {
            ConfigSeverity.Error => "error",
            ConfigSeverity.Warning => "warning",
            _ => "information",
        };
        return $"{File}{position}: {severity}: {path}{Message}";
    }
}
