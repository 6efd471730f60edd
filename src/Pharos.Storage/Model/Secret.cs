namespace Pharos.Storage.Model;

/// <summary>A password, key, token or secret URL, given inline or by a file that is read at each use.</summary>
/// <remarks>Never prints itself: <see cref="ToString"/> answers <c>&lt;secret&gt;</c>, as Prometheus does.</remarks>
public sealed class Secret : IEquatable<Secret>
{
    private readonly string? _value;
    private readonly string _prefix;

    private Secret(string? value, string? file, string prefix = "")
    {
        _value = value;
        File = file;
        _prefix = prefix;
    }

    /// <summary>The file that holds the secret, or null for an inline one.</summary>
    public string? File { get; }

    public static Secret Inline(string value) => new(value, null);

    public static Secret FromFile(string path) => new(null, path);

    /// <summary>The secret itself, without the white space around it where it came from a file.</summary>
    /// <exception cref="IOException">The file cannot be read; the message names it and not its contents.</exception>
    public string Reveal() => _prefix + (_value ?? System.IO.File.ReadAllText(File!).Trim());

    /// <summary>This secret with a text in front.</summary>
    public Secret After(string prefix) => new(_value, File, prefix + _prefix);

    /// <summary>Whether both are the same text or come from the same file, whatever stands in it now.</summary>
    public bool Equals(Secret? other) =>
        other is not null && _value == other._value && File == other.File && _prefix == other._prefix;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => HashCode.Combine(_value, File, _prefix);

    public override string ToString() => "<secret>";
}
