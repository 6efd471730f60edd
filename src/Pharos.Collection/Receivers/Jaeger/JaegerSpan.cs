using System.Runtime.InteropServices;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>A span as Jaeger's model has it, whatever protocol brings it; one object serves a whole body, span after span.</summary>
/// <remarks>Texts are copied in as they came, valid UTF-8 or not. Tags belong to the span until a log is begun, and to that log from then
/// on until <see cref="BackToSpan"/>. Not thread-safe.</remarks>
internal sealed class JaegerSpan
{
    private readonly List<JaegerTag> _tags = [];
    private readonly List<JaegerTag> _fields = [];
    private readonly List<JaegerLog> _logs = [];
    private readonly List<JaegerReference> _references = [];
    private byte[] _bytes = new byte[1024];
    private int _used;
    private bool _inLog;

    public TraceId TraceId { get; set; }

    public ulong SpanId { get; set; }

    /// <summary>0 where only the references tell it.</summary>
    public ulong ParentSpanId { get; set; }

    /// <summary>1 sampled, 2 debug.</summary>
    public uint Flags { get; set; }

    public long StartNs { get; set; }

    public long DurationNs { get; set; }

    public BatchText Operation { get; private set; }

    public ReadOnlySpan<JaegerTag> Tags => CollectionsMarshal.AsSpan(_tags);

    public ReadOnlySpan<JaegerLog> Logs => CollectionsMarshal.AsSpan(_logs);

    public ReadOnlySpan<JaegerReference> References => CollectionsMarshal.AsSpan(_references);

    public void Clear()
    {
        TraceId = default;
        (SpanId, ParentSpanId, Flags, StartNs, DurationNs, Operation) = (0, 0, 0, 0, 0, default);
        _tags.Clear();
        _fields.Clear();
        _logs.Clear();
        _references.Clear();
        _used = 0;
        _inLog = false;
    }

    public void SetOperation(ReadOnlySpan<byte> name) => Operation = Keep(name);

    public void AddReference(TraceId traceId, ulong spanId, bool followsFrom) => _references.Add(new JaegerReference(traceId, spanId, followsFrom));

    public void BeginLog(long timeNs)
    {
        _logs.Add(new JaegerLog(timeNs, _fields.Count, 0));
        _inLog = true;
    }

    /// <summary>Tags added from now on are the span's again.</summary>
    public void BackToSpan() => _inLog = false;

    public void ClearTags() => _tags.Clear();

    public void ClearLogs()
    {
        _logs.Clear();
        _fields.Clear();
    }

    public void ClearReferences() => _references.Clear();

    /// <param name="kind"><see cref="AttributeKind.Text"/> or <see cref="AttributeKind.Bytes"/>.</param>
    public void AddTag(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> value) => Add(new JaegerTag(Keep(key), kind, Keep(value), 0));

    public void AddTag(ReadOnlySpan<byte> key, bool value) => Add(new JaegerTag(Keep(key), AttributeKind.Bool, default, value ? 1 : 0));

    public void AddTag(ReadOnlySpan<byte> key, long value) => Add(new JaegerTag(Keep(key), AttributeKind.Int, default, value));

    public void AddTag(ReadOnlySpan<byte> key, double value) =>
        Add(new JaegerTag(Keep(key), AttributeKind.Double, default, BitConverter.DoubleToInt64Bits(value)));

    public ReadOnlySpan<byte> Text(BatchText text) => _bytes.AsSpan(text.Start, text.Length);

    public ReadOnlySpan<JaegerTag> FieldsOf(in JaegerLog log) => CollectionsMarshal.AsSpan(_fields).Slice(log.FirstField, log.FieldCount);

    private void Add(JaegerTag tag)
    {
        if (!_inLog)
        {
            _tags.Add(tag);
            return;
        }
        _fields.Add(tag);
        CollectionsMarshal.AsSpan(_logs)[^1].FieldCount++;
    }

    private BatchText Keep(ReadOnlySpan<byte> text)
    {
        if (_used + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_used + (long)text.Length, _bytes.Length * 2L)));
        }
        text.CopyTo(_bytes.AsSpan(_used));
        var kept = new BatchText(_used, text.Length);
        _used += text.Length;
        return kept;
    }
}
