using System.Text;
using System.Text.Unicode;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Writes Jaeger's spans into a batch as Jaeger 2 understands them, sanitized as its collector does it.</summary>
/// <remarks>First the process with its tags, then its spans; a further process may follow. Bytes that are no UTF-8 are kept as bytes, under
/// the names that Jaeger gives them. Not thread-safe.</remarks>
internal sealed class JaegerSpanWriter(SpanBatch batch)
{
    /// <summary>Where Jaeger's model keeps what a sanitizer has to say about a span.</summary>
    public const string Warnings = "@jaeger@warnings";

    private static readonly byte[] ChildOf = "child_of"u8.ToArray();
    private static readonly byte[] FollowsFrom = "follows_from"u8.ToArray();

    private byte[] _scopeName = [];
    private byte[] _scopeVersion = [];
    private byte[]? _invalidService;

    /// <summary>Spans that were left out because they have no ids.</summary>
    public int Rejected { get; private set; }

    /// <summary>Spans written from now on are this service's; its tags follow.</summary>
    public void BeginProcess(ReadOnlySpan<byte> serviceName)
    {
        _scopeName = [];
        _scopeVersion = [];
        _invalidService = Utf8.IsValid(serviceName) ? null : serviceName.ToArray();
        batch.BeginResource();
        batch.AddAttribute(
            "service.name"u8, AttributeKind.Text,
            serviceName.IsEmpty ? "empty-service-name"u8 : _invalidService is null ? serviceName : "InvalidServiceName"u8);
    }

    /// <summary>Spans written from now on have no process.</summary>
    public void BeginNoProcess() => BeginProcess("null-process-and-service-name"u8);

    public void AddProcessTag(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> value) => Add(key, kind, value);

    public void AddProcessTag(ReadOnlySpan<byte> key, bool value) => Add(key, AttributeKind.Bool, default, value ? 1 : 0);

    public void AddProcessTag(ReadOnlySpan<byte> key, long value) => Add(key, AttributeKind.Int, default, value);

    public void AddProcessTag(ReadOnlySpan<byte> key, double value) => Add(key, AttributeKind.Double, default, BitConverter.DoubleToInt64Bits(value));

    /// <summary>False for a span without ids, which is left out.</summary>
    public bool Write(JaegerSpan span)
    {
        if (span.TraceId.IsZero || span.SpanId == 0)
        {
            Rejected++;
            return false;
        }
        var meanings = JaegerTagMeanings.Of(span);
        BeginScope(span.Text(meanings.ScopeName), span.Text(meanings.ScopeVersion));
        ref var row = ref batch.BeginSpan();
        row.TraceId = span.TraceId;
        row.SpanId = span.SpanId;
        row.ParentSpanId = ParentOf(span);
        row.Flags = span.Flags;
        row.Kind = meanings.Kind;
        var operation = span.Text(span.Operation);
        row.Name = batch.Keep(Utf8.IsValid(operation) ? operation : "InvalidOperationName"u8);
        row.TraceState = Valid(span.Text(meanings.TraceState));
        var (status, message) = meanings.Status();
        row.Status = status;
        row.StatusMessage = Valid(span.Text(message));
        var durationNs = Math.Max(0, span.DurationNs);
        row.StartNs = span.StartNs;
        row.EndNs = durationNs > long.MaxValue - Math.Max(0, span.StartNs) ? long.MaxValue : span.StartNs + durationNs;
        WriteTags(span, meanings);
        WriteLinks(span, row.ParentSpanId);
        WriteEvents(span);
        return true;
    }

    private BatchText Valid(ReadOnlySpan<byte> text) => Utf8.IsValid(text) ? batch.Keep(text) : default;

    private static ulong ParentOf(JaegerSpan span)
    {
        if (span.ParentSpanId != 0)
        {
            return span.ParentSpanId;
        }
        foreach (var reference in span.References)
        {
            if (reference.TraceId == span.TraceId && !reference.FollowsFrom)
            {
                return reference.SpanId;
            }
        }
        return 0;
    }

    private void BeginScope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version)
    {
        if (!name.SequenceEqual(_scopeName) || !version.SequenceEqual(_scopeVersion))
        {
            _scopeName = name.ToArray();
            _scopeVersion = version.ToArray();
            batch.BeginScope(Utf8.IsValid(name) ? name : default, Utf8.IsValid(version) ? version : default);
        }
    }

    private void WriteTags(JaegerSpan span, in JaegerTagMeanings meanings)
    {
        foreach (ref readonly var tag in span.Tags)
        {
            if (!meanings.Covers(span, tag))
            {
                Add(span, tag);
            }
        }
        var operation = span.Text(span.Operation);
        if (!Utf8.IsValid(operation))
        {
            batch.AddAttribute("InvalidOperationName"u8, AttributeKind.Bytes, operation);
        }
        if (_invalidService is not null)
        {
            batch.AddAttribute("InvalidServiceName"u8, AttributeKind.Bytes, _invalidService);
        }
        if (span.DurationNs < 0)
        {
            batch.AddAttribute(Warnings, AttributeValue.OfJson(AttributeKind.Array, $"[\"negative duration of {span.DurationNs}ns was set to 0\"]"));
        }
    }

    /// <summary>Every reference but the parent; Jaeger's kind of it goes along.</summary>
    private void WriteLinks(JaegerSpan span, ulong parent)
    {
        foreach (var reference in span.References)
        {
            if (reference.FollowsFrom || reference.SpanId != parent || reference.TraceId != span.TraceId)
            {
                batch.BeginLink(reference.TraceId, reference.SpanId, default, 0);
                batch.AddAttribute("opentracing.ref_type"u8, AttributeKind.Text, reference.FollowsFrom ? FollowsFrom : ChildOf);
            }
        }
    }

    /// <summary>A log is an event; its field <c>event</c> is the event's name.</summary>
    private void WriteEvents(JaegerSpan span)
    {
        foreach (ref readonly var log in span.Logs)
        {
            var fields = span.FieldsOf(log);
            var named = -1;
            for (var i = 0; i < fields.Length && named < 0; i++)
            {
                named = fields[i].Kind == AttributeKind.Text && span.Text(fields[i].Key).SequenceEqual("event"u8)
                    && Utf8.IsValid(span.Text(fields[i].Text)) ? i : -1;
            }
            batch.BeginEvent(log.TimeNs, named < 0 ? default : span.Text(fields[named].Text));
            for (var i = 0; i < fields.Length; i++)
            {
                if (i != named)
                {
                    Add(span, fields[i]);
                }
            }
        }
    }

    private void Add(JaegerSpan span, in JaegerTag tag) => Add(span.Text(tag.Key), tag.Kind, span.Text(tag.Text), tag.Bits);

    private void Add(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> text, long bits = 0)
    {
        if (!Utf8.IsValid(key))
        {
            byte[] raw = [.. key, (byte)':', .. kind is AttributeKind.Text or AttributeKind.Bytes ? text : Lossy(kind, bits)];
            batch.AddAttribute("InvalidTagKey"u8, AttributeKind.Bytes, raw);
            return;
        }
        switch (kind)
        {
            case AttributeKind.Bool:
                batch.AddAttribute(key, bits != 0);
                break;
            case AttributeKind.Int:
                batch.AddAttribute(key, bits);
                break;
            case AttributeKind.Double:
                batch.AddAttribute(key, BitConverter.Int64BitsToDouble(bits));
                break;
            default:
                batch.AddAttribute(key, kind == AttributeKind.Text && !Utf8.IsValid(text) ? AttributeKind.Bytes : kind, text);
                break;
        }
    }

    private static ReadOnlySpan<byte> Lossy(AttributeKind kind, long bits) => Encoding.UTF8.GetBytes((kind switch
    {
        AttributeKind.Bool => AttributeValue.OfBool(bits != 0),
        AttributeKind.Double => AttributeValue.OfDouble(BitConverter.Int64BitsToDouble(bits)),
        _ => AttributeValue.OfInt(bits),
    }).ToString());
}
