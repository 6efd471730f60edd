using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages;

/// <summary>One line on its way through a pipeline, with what stages took out of it.</summary>
/// <remarks>Not thread-safe; one stage at a time has it. The line is kept as the bytes that were read until a stage asks for its text.</remarks>
public sealed class ShippedEntry
{
    private ReadOnlyMemory<byte> _bytes;
    private string? _line;

    public ShippedEntry(LabelSet labels, long timeNs, ReadOnlyMemory<byte> line)
    {
        Labels = new LabelSetBuilder(labels);
        TimeNs = timeNs;
        _bytes = line;
    }

    public ShippedEntry(LabelSet labels, long timeNs, string line)
        : this(labels, timeNs, ReadOnlyMemory<byte>.Empty) => _line = line;

    public LabelSetBuilder Labels { get; private set; }

    /// <summary>What stages have extracted, by name: text, numbers as double, bool or null.</summary>
    public Dictionary<string, object?> Extracted { get; private set; } = new(StringComparer.Ordinal);

    public List<KeyValuePair<string, string>> Metadata { get; private set; } = [];

    /// <summary>Nanoseconds since 1970.</summary>
    public long TimeNs { get; set; }

    /// <summary>Whose entry it is; null for whoever the client sends for.</summary>
    public string? Tenant { get; set; }

    /// <summary>The places in the source that this entry was made of.</summary>
    public List<SourceRange> Sources { get; } = [];

    public string Line
    {
        get => _line ??= Encoding.UTF8.GetString(_bytes.Span);
        set => _line = value;
    }

    /// <summary>Bytes of the line as it stands.</summary>
    public int LineBytes => _line is null ? _bytes.Length : Encoding.UTF8.GetByteCount(_line);

    /// <summary>The line as UTF-8; what is none in the source is replaced.</summary>
    public ReadOnlyMemory<byte> Utf8Line()
    {
        if (_line is null && !System.Text.Unicode.Utf8.IsValid(_bytes.Span))
        {
            _line = Encoding.UTF8.GetString(_bytes.Span);
        }
        return _line is null ? _bytes : Encoding.UTF8.GetBytes(_line);
    }

    /// <summary>An entry with another's labels, time and findings, and a line of its own.</summary>
    public static ShippedEntry Like(ShippedEntry other, string line) => new(other.Labels.Build(), other.TimeNs, line)
    {
        Extracted = new Dictionary<string, object?>(other.Extracted, StringComparer.Ordinal),
        Metadata = [.. other.Metadata],
        Tenant = other.Tenant,
    };

    /// <summary>An extracted value as text; null where there is none that has a text.</summary>
    public string? Text(string name) => Extracted.TryGetValue(name, out var value) ? ExtractedValue.Text(value) : null;

    /// <summary>What a stage with this source works on: the extracted value, or the line.</summary>
    public string? Input(string? source) => source is null ? Line : Text(source);
}
