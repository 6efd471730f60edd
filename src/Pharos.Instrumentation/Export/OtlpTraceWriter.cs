using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Export;

/// <summary>Writes ended activities as an OTLP <c>ExportTraceServiceRequest</c>.</summary>
/// <remarks>Field numbers: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto. One thread at a time.</remarks>
internal sealed class OtlpTraceWriter
{
    /// <summary>The flag that says whether it is known where a parent was, and the one that says it was elsewhere.</summary>
    private const uint HasIsRemote = 0x100;
    private const uint IsRemote = 0x200;

    private readonly OtlpTraceOptions _options;
    private readonly byte[] _resource;
    private readonly Dictionary<ActivitySource, List<Activity>> _bySource = [];

    public OtlpTraceWriter(OtlpTraceOptions options)
    {
        _options = options;
        var resource = new ByteBuffer();
        foreach (var (name, value) in options.Resource)
        {
            WriteAttribute(resource, 1, name, value);
        }
        _resource = resource.Written.ToArray();
    }

    public void Write(ByteBuffer output, IReadOnlyList<Activity> batch)
    {
        foreach (var activity in batch)
        {
            if (!_bySource.TryGetValue(activity.Source, out var list))
            {
                _bySource.Add(activity.Source, list = []);
            }
            list.Add(activity);
        }
        var resourceSpans = output.Begin(1);
        output.BytesField(1, _resource);
        foreach (var (source, activities) in _bySource)
        {
            var scopeSpans = output.Begin(2);
            WriteScope(output, source);
            foreach (var activity in activities)
            {
                WriteSpan(output, activity);
            }
            if (source.TelemetrySchemaUrl is { Length: > 0 } schema)
            {
                output.TextField(3, schema);
            }
            output.End(scopeSpans);
        }
        output.End(resourceSpans);
        _bySource.Clear();
    }

    private void WriteScope(ByteBuffer output, ActivitySource source)
    {
        var scope = output.Begin(1);
        output.TextField(1, source.Name);
        if (source.Version is { Length: > 0 } version)
        {
            output.TextField(2, version);
        }
        foreach (var (name, value) in source.Tags ?? [])
        {
            // It only says whose host exports the source; the resource has it.
            if (name != "service.name")
            {
                WriteAttribute(output, 3, name, value);
            }
        }
        output.End(scope);
    }

    private void WriteSpan(ByteBuffer output, Activity activity)
    {
        var span = output.Begin(2);
        output.HexField(1, activity.TraceId.ToHexString());
        output.HexField(2, activity.SpanId.ToHexString());
        if (activity.TraceStateString is { Length: > 0 } state)
        {
            output.TextField(3, state);
        }
        if (activity.ParentSpanId != default)
        {
            output.HexField(4, activity.ParentSpanId.ToHexString());
        }
        output.Fixed32Field(16, (uint)activity.ActivityTraceFlags | HasIsRemote | (activity.HasRemoteParent ? IsRemote : 0));
        output.TextField(5, activity.DisplayName);
        output.VarintField(6, KindOf(activity.Kind));
        var start = UnixNano(activity.StartTimeUtc);
        output.Fixed64Field(7, start);
        output.Fixed64Field(8, start + ((ulong)activity.Duration.Ticks * 100));
        WriteTags(output, activity);
        WriteEvents(output, activity);
        WriteLinks(output, activity);
        if (activity.Status != ActivityStatusCode.Unset)
        {
            var status = output.Begin(15);
            if (activity.StatusDescription is { Length: > 0 } description)
            {
                output.TextField(2, description);
            }
            output.VarintField(3, activity.Status == ActivityStatusCode.Error ? 2UL : 1UL);
            output.End(status);
        }
        output.End(span);
    }

    private void WriteTags(ByteBuffer output, Activity activity)
    {
        var count = 0;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Value is not null && count++ < _options.MaxAttributes)
            {
                WriteAttribute(output, 9, tag.Key, tag.Value);
            }
        }
        WriteDropped(output, 10, count - _options.MaxAttributes);
    }

    private void WriteEvents(ByteBuffer output, Activity activity)
    {
        var count = 0;
        foreach (ref readonly var e in activity.EnumerateEvents())
        {
            if (count++ >= _options.MaxEvents)
            {
                continue;
            }
            var message = output.Begin(11);
            output.Fixed64Field(1, UnixNano(e.Timestamp.UtcDateTime));
            output.TextField(2, e.Name);
            var tags = 0;
            foreach (ref readonly var tag in e.EnumerateTagObjects())
            {
                if (tag.Value is not null && tags++ < _options.MaxAttributes)
                {
                    WriteAttribute(output, 3, tag.Key, tag.Value);
                }
            }
            WriteDropped(output, 4, tags - _options.MaxAttributes);
            output.End(message);
        }
        WriteDropped(output, 12, count - _options.MaxEvents);
    }

    private void WriteLinks(ByteBuffer output, Activity activity)
    {
        var count = 0;
        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            if (count++ >= _options.MaxLinks)
            {
                continue;
            }
            var message = output.Begin(13);
            output.HexField(1, link.Context.TraceId.ToHexString());
            output.HexField(2, link.Context.SpanId.ToHexString());
            if (link.Context.TraceState is { Length: > 0 } state)
            {
                output.TextField(3, state);
            }
            var tags = 0;
            foreach (ref readonly var tag in link.EnumerateTagObjects())
            {
                if (tag.Value is not null && tags++ < _options.MaxAttributes)
                {
                    WriteAttribute(output, 4, tag.Key, tag.Value);
                }
            }
            WriteDropped(output, 5, tags - _options.MaxAttributes);
            output.Fixed32Field(6, (uint)link.Context.TraceFlags | HasIsRemote | (link.Context.IsRemote ? IsRemote : 0));
            output.End(message);
        }
        WriteDropped(output, 14, count - _options.MaxLinks);
    }

    private static void WriteDropped(ByteBuffer output, int field, int dropped)
    {
        if (dropped > 0)
        {
            output.VarintField(field, (ulong)dropped);
        }
    }

    private void WriteAttribute(ByteBuffer output, int field, string name, object? value)
    {
        var attribute = output.Begin(field);
        output.TextField(1, name);
        var any = output.Begin(2);
        WriteValue(output, value, depth: 0);
        output.End(any);
        output.End(attribute);
    }

    private void WriteValue(ByteBuffer output, object? value, int depth)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                output.TextField(1, Cut(text));
                break;
            case bool truth:
                output.VarintField(2, truth ? 1UL : 0UL);
                break;
            case long or int or short or sbyte or byte or ushort or uint:
                output.VarintField(3, (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double or float:
                output.DoubleField(4, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                output.BytesField(7, bytes);
                break;
            case IEnumerable items when depth == 0:
                var array = output.Begin(5);
                foreach (var item in items)
                {
                    var any = output.Begin(1);
                    WriteValue(output, item, depth + 1);
                    output.End(any);
                }
                output.End(array);
                break;
            default:
                output.TextField(1, Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private string Cut(string text)
    {
        if (text.Length <= _options.MaxValueLength)
        {
            return text;
        }
        // Not between the halves of a character.
        var length = char.IsHighSurrogate(text[_options.MaxValueLength - 1]) ? _options.MaxValueLength - 1 : _options.MaxValueLength;
        return text[..length];
    }

    private static ulong KindOf(ActivityKind kind) => kind switch
    {
        ActivityKind.Server => 2,
        ActivityKind.Client => 3,
        ActivityKind.Producer => 4,
        ActivityKind.Consumer => 5,
        _ => 1,
    };

    private static ulong UnixNano(DateTime utc) => (ulong)(utc - DateTime.UnixEpoch).Ticks * 100;
}
