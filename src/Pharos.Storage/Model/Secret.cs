namespace Pharos.Storage.Model;

/// <summary>A password, key, token or secret URL, given inline or by a file that is read at each use.</summary>
/// <remarks>Never prints itself: <see cref="ToString"/> answers <c>&lt;secret&gt;</c>, as Prometheus does.</remarks>
public sealed class Secret
{
    private readonly string? _value;

    private Secret(string? value, string? file)
    {
        _value = value;
        File = file;
    }

    /// <summary>The file that holds the secret, or null for an inline one.</summary>
    public string? File { get; }

    public static Secret Inline(string value) => new(value, null);

    public static Secret FromFile(string path) => new(null, path);

    /// <summary>The secret itself, without the white space around it where it came from a file.</summary>
    /// <exception cref="IOException">The file cannot be read; the message names it and not its contents.</exception>
    public string Reveal() => _value ?? System.IO.File.ReadAllText(File!).Trim();

    public override string ToString() => "<secret>";
}
