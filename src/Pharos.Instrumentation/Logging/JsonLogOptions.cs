namespace Pharos.Instrumentation.Logging;

/// <summary>Where JSON lines go, and what every one of them says.</summary>
public sealed class JsonLogOptions
{
    /// <summary>The field <c>service</c>; the application's name by default.</summary>
    public string? Service { get; set; }

    /// <summary>A file rather than standard output. It is renamed to <c>.1</c> at <see cref="MaxFileBytes"/>.</summary>
    public string? FilePath { get; set; }

    /// <summary>Bounds the file; twice as much lies on disk at most.</summary>
    public long MaxFileBytes { get; set; } = 16 << 20;

    /// <summary>Writes the fields of enclosing scopes, too.</summary>
    public bool IncludeScopes { get; set; } = true;
}
