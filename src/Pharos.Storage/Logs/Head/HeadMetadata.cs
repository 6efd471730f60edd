using System.IO.Hashing;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Head;

/// <summary>How structured metadata stands in memory: for each pair the number of its name, the length of its value, its value.</summary>
/// <remarks>Names are added under the head's commit lock; whoever has a row that uses a name may ask for it without. Bounded by the
/// head's bytes.</remarks>
internal sealed class HeadMetadata
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private volatile string[] _names = new string[16];
    private int _count;

    public HeadMetadata() => _byText = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public string this[int number] => _names[number];

    /// <summary>Every name so far.</summary>
    public IReadOnlyCollection<string> Names => [.. _names.TakeWhile(static name => name is not null)];

    /// <summary>Packs a pair behind those that are there.</summary>
    public void Pack(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteWriter into)
    {
        into.UVarint((ulong)NumberOf(name));
        into.UVarint((ulong)value.Length);
        into.Bytes(value);
    }

    /// <summary>Of an entry's line and metadata, the same in every head.</summary>
    public UInt128 HashOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        var hash = new XxHash128();
        hash.Append(line);
        var reader = new ByteReader(metadata, "memory");
        while (reader.Remaining > 0)
        {
            hash.Append("\n"u8);
            hash.Append(System.Text.Encoding.UTF8.GetBytes(this[(int)reader.UVarint()]));
            hash.Append("="u8);
            hash.Append(reader.Take((int)reader.UVarint()));
        }
        return hash.GetCurrentHashAsUInt128();
    }

    private int NumberOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > 256)
        {
            return NumberOf(System.Text.Encoding.UTF8.GetString(name));
        }
        Span<char> text = stackalloc char[256];
        text = text[..System.Text.Encoding.UTF8.GetChars(name, text)];
        return _byText.TryGetValue(text, out var number) ? number : NumberOf(text.ToString());
    }

    private int NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number))
        {
            return number;
        }
        var names = _names;
        if (_count == names.Length)
        {
            Array.Resize(ref names, _count * 2);
        }
        names[_count] = name;
        _names = names;
        _numbers.Add(name, _count);
        return _count++;
    }
}
