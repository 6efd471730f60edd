using System.Runtime.InteropServices;

namespace Pharos.Storage.Logs;

/// <summary>Entries on their way into the store, all of one tenant, in the order of their streams' calls.</summary>
/// <remarks>Not thread-safe. Made to be filled, appended, cleared and filled again: its arrays stay. Texts are copied in.</remarks>
public sealed class LogBatch
{
    private readonly List<LogStream> _streams = [];
    private readonly List<Entry> _entries = [];
    private readonly List<Pair> _pairs = [];
    private readonly List<KeyValuePair<string, string>> _marks = [];
    private byte[] _bytes = new byte[4096];
    private int _used;

    /// <summary>Whether there is nothing to store: a batch that only has marks is not empty.</summary>
    public bool IsEmpty => _entries.Count == 0 && _marks.Count == 0;

    public int Count => _entries.Count;

    /// <summary>What is stored together with the entries, in the order of the calls; see <see cref="Mark"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Marks => _marks;

    /// <summary>Whether entries that their stream has already are stored, too: for senders that never send a thing again.</summary>
    public bool KeepsRepeated { get; set; }

    /// <summary>Of all lines.</summary>
    public long LineBytes { get; private set; }

    /// <summary>Bytes of texts held, lines and metadata.</summary>
    public int TextBytes => _used;

    public void Clear()
    {
        _streams.Clear();
        _entries.Clear();
        _pairs.Clear();
        _marks.Clear();
        _used = 0;
        LineBytes = 0;
    }

    /// <summary>The entries added from now on are this stream's.</summary>
    public void BeginStream(LogStream stream)
    {
        if (_streams.Count == 0 || !ReferenceEquals(_streams[^1], stream))
        {
            _streams.Add(stream);
        }
    }

    /// <param name="timeNs">Nanoseconds since 1970, UTC.</param>
    public void Add(long timeNs, ReadOnlySpan<byte> line)
    {
        _entries.Add(new Entry(_streams.Count - 1, timeNs, Keep(line), line.Length, _pairs.Count, 0));
        LineBytes += line.Length;
    }

    /// <summary>Structured metadata of the entry that was added last. Names of one entry must be distinct.</summary>
    public void AddMetadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _pairs.Add(new Pair(Keep(name), name.Length, Keep(value), value.Length));
        ref var last = ref CollectionsMarshal.AsSpan(_entries)[^1];
        last = last with { Pairs = last.Pairs + 1 };
    }

    /// <summary>Takes the entry that was added last away again.</summary>
    public void RemoveLast()
    {
        var last = _entries[^1];
        LineBytes -= last.LineLength;
        _used = last.LineStart;
        _pairs.RemoveRange(last.FirstPair, last.Pairs);
        _entries.RemoveAt(_entries.Count - 1);
    }

    /// <summary>Puts a text down under a key in the same step that stores the entries: after the end of the process, however it came,
    /// both are there or none. So whoever reads a source marks how far the entries of the batch go.</summary>
    /// <param name="value">Replaces what stood under the key; empty removes it.</param>
    public void Mark(string key, string value) => _marks.Add(new(key, value));

    public LogStream StreamOf(int entry) => _streams[_entries[entry].Stream];

    public long TimeNsOf(int entry) => _entries[entry].TimeNs;

    public ReadOnlySpan<byte> LineOf(int entry) => _bytes.AsSpan(_entries[entry].LineStart, _entries[entry].LineLength);

    public int MetadataCountOf(int entry) => _entries[entry].Pairs;

    public ReadOnlySpan<byte> MetadataNameOf(int entry, int pair)
    {
        var found = _pairs[_entries[entry].FirstPair + pair];
        return _bytes.AsSpan(found.NameStart, found.NameLength);
    }

    public ReadOnlySpan<byte> MetadataValueOf(int entry, int pair)
    {
        var found = _pairs[_entries[entry].FirstPair + pair];
        return _bytes.AsSpan(found.ValueStart, found.ValueLength);
    }

    private int Keep(ReadOnlySpan<byte> text)
    {
        var start = _used;
        if (start + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(start + (long)text.Length, _bytes.Length * 2L)));
        }
        text.CopyTo(_bytes.AsSpan(start));
        _used += text.Length;
        return start;
    }

    private readonly record struct Entry(int Stream, long TimeNs, int LineStart, int LineLength, int FirstPair, int Pairs);

    private readonly record struct Pair(int NameStart, int NameLength, int ValueStart, int ValueLength);
}
