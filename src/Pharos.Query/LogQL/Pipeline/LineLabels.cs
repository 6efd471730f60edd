using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>The labels of the line that a pipeline works on: the stream's, the line's metadata, and what stages made of them.</summary>
/// <remarks>Not thread-safe. Values are bytes in one buffer, which the next line uses again; only the stream's stay from line to line.</remarks>
internal sealed class LineLabels(LabelKeys keys)
{
    private readonly List<LabelKey> _touched = [];
    private readonly List<LabelKey> _streamKeys = [];
    private Entry[] _entries = new Entry[32];
    private int _count;
    private byte[] _values = new byte[1024];
    private int _used;
    private int _streamUsed;
    private LabelSet _stream = LabelSet.Empty;
    private byte[]? _error;
    private byte[]? _errorDetails;

    public LabelKeys Keys => keys;

    public bool HasError => _error is not null;

    /// <summary>Whether <see cref="AddErrorTo"/> adds anything: details may stand alone.</summary>
    public bool HasErrorLabels => _error is not null || _errorDetails is not null;

    public string? Error => _error is null ? null : Encoding.UTF8.GetString(_error);

    /// <summary>Entries to look at for those that count, see <see cref="Counts"/>.</summary>
    public int Count => _count;

    /// <summary>The lines that follow are of this stream.</summary>
    public void BeginStream(LabelSet labels)
    {
        _stream = labels;
        Restore();
        foreach (var key in _streamKeys)
        {
            key.StreamSlot = -1;
            key.Slot = -1;
        }
        _streamKeys.Clear();
        _count = 0;
        _used = 0;
        if (keys.IsFull)
        {
            keys.Trim();
        }
        foreach (var label in labels.Span)
        {
            var key = keys.Get(Encoding.UTF8.GetBytes(label.Name));
            key.StreamSlot = _count;
            key.Slot = _count;
            _streamKeys.Add(key);
            Append(key, LabelCategory.Stream, Encoding.UTF8.GetBytes(label.Value));
        }
        _streamUsed = _used;
    }

    public void BeginLine()
    {
        if (keys.IsFull)
        {
            BeginStream(_stream);
        }
        Restore();
        _count = _streamKeys.Count;
        _used = _streamUsed;
        _error = null;
        _errorDetails = null;
    }

    /// <summary>Metadata that has the name of a label of the stream is that name's _extracted, as what a parser finds is.</summary>
    public void AddMetadata(LabelKey key, ReadOnlySpan<byte> value)
    {
        if (key.StreamSlot >= 0)
        {
            key = ExtractedOf(key);
        }
        Touch(key);
        key.IsMetadata = true;
        key.Slot = _count;
        Append(key, LabelCategory.Metadata, value);
    }

    public bool TryGet(LabelKey key, out ReadOnlySpan<byte> value)
    {
        if (key.Kind != LabelKeyKind.Plain)
        {
            var text = key.Kind == LabelKeyKind.Error ? _error : _errorDetails;
            value = text;
            return text is not null;
        }
        if (key.Slot < 0)
        {
            value = default;
            return false;
        }
        value = ValueOf(key.Slot);
        return true;
    }

    public LabelCategory CategoryOf(LabelKey key) => key.Slot < 0 ? LabelCategory.Parsed : _entries[key.Slot].Category;

    public void Set(LabelKey key, ReadOnlySpan<byte> value, LabelCategory category = LabelCategory.Parsed)
    {
        if (key.Kind != LabelKeyKind.Plain)
        {
            _error = key.Kind == LabelKeyKind.Error ? value.ToArray() : _error;
            _errorDetails = key.Kind == LabelKeyKind.ErrorDetails ? value.ToArray() : _errorDetails;
            return;
        }
        Touch(key);
        key.Slot = _count;
        Append(key, category, value);
    }

    public void Delete(LabelKey key)
    {
        if (key.Kind == LabelKeyKind.Error)
        {
            _error = null;
        }
        if (key.Kind != LabelKeyKind.Plain)
        {
            _errorDetails = null;
            return;
        }
        if (key.Slot >= 0)
        {
            Touch(key);
            key.Slot = -1;
        }
    }

    /// <summary>The key under which a parser keeps what it found, or null where it found that before, or nobody wants it.</summary>
    public LabelKey? Extract(LabelKey key)
    {
        if (key.StreamSlot >= 0 || key.IsMetadata)
        {
            key = ExtractedOf(key);
        }
        if (key.IsExtracted || (keys.OnlyWanted && !key.IsWanted))
        {
            return null;
        }
        Touch(key);
        key.IsExtracted = true;
        return key;
    }

    public void Fail(string error, string? details)
    {
        _error = Encoding.UTF8.GetBytes(error);
        _errorDetails = details is null ? null : Encoding.UTF8.GetBytes(details);
    }

    /// <summary>Whether the stream's labels are those that the stream has: nothing was taken away, replaced or added.</summary>
    public bool HasWholeStream
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                if (i < _streamKeys.Count != (_entries[i].Category == LabelCategory.Stream && Counts(i)))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>Whether an entry is its label's value; what a later one hides, and what was deleted, is not.</summary>
    public bool Counts(int entry) => _entries[entry].Key.Slot == entry;

    public LabelKey KeyOf(int entry) => _entries[entry].Key;

    public LabelCategory CategoryOf(int entry) => _entries[entry].Category;

    public ReadOnlySpan<byte> ValueOf(int entry) => _values.AsSpan(_entries[entry].Start, _entries[entry].Length);

    /// <summary>The error's labels, where there is an error.</summary>
    public void AddErrorTo(List<Label> labels)
    {
        if (_error is not null)
        {
            labels.Add(new Label(LineErrors.Label, Encoding.UTF8.GetString(_error)));
        }
        if (_errorDetails is not null)
        {
            labels.Add(new Label(LineErrors.DetailsLabel, Encoding.UTF8.GetString(_errorDetails)));
        }
    }

    private LabelKey ExtractedOf(LabelKey key) => key.Extracted ??= keys.Get(Encoding.UTF8.GetBytes(LabelKey.ExtractedNameOf(key.Name)));

    private void Restore()
    {
        foreach (var key in _touched)
        {
            key.Slot = key.StreamSlot;
            key.IsMetadata = false;
            key.IsExtracted = false;
            key.IsTouched = false;
        }
        _touched.Clear();
    }

    private void Touch(LabelKey key)
    {
        if (!key.IsTouched)
        {
            key.IsTouched = true;
            _touched.Add(key);
        }
    }

    private void Append(LabelKey key, LabelCategory category, ReadOnlySpan<byte> value)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }
        if (_used + value.Length > _values.Length)
        {
            // The value may lie in the buffer that is left: it keeps its bytes.
            var larger = new byte[Math.Max(_used + value.Length, _values.Length * 2)];
            _values.AsSpan(0, _used).CopyTo(larger);
            value.CopyTo(larger.AsSpan(_used));
            _values = larger;
        }
        else
        {
            value.CopyTo(_values.AsSpan(_used));
        }
        _entries[_count++] = new Entry(key, category, _used, value.Length);
        _used += value.Length;
    }

    private readonly record struct Entry(LabelKey Key, LabelCategory Category, int Start, int Length);
}
