using System.Globalization;
using System.Text;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>Makes streams and entries of OTLP's resources, scopes and records.</summary>
/// <remarks>Not thread-safe; lives as long as one request.</remarks>
internal sealed class OtlpLogWriter(LokiPushSession session, OtlpLogOptions options, long nowNs)
{
    private readonly List<Label> _labels = [];
    private readonly List<(byte[] Name, byte[] Value)> _resource = [];
    private readonly List<(byte[] Name, byte[] Value)> _scope = [];
    private readonly List<(string Name, string Value)> _flat = [];
    private byte[] _text = new byte[256];
    private string? _severityOfStream;

    public void BeginResource(IReadOnlyList<(string Key, object? Value)> attributes, ulong dropped)
    {
        _labels.Clear();
        _resource.Clear();
        foreach (var (key, value) in attributes)
        {
            switch (OtlpAttributeRule.Decide(options.ResourceAttributes, key))
            {
                case OtlpAttributeAction.IndexLabel:
                    foreach (var (name, text) in Flat(key, value))
                    {
                        _labels.RemoveAll(label => label.Name == name);
                        _labels.Add(new Label(name, text));
                    }
                    break;
                case OtlpAttributeAction.StructuredMetadata:
                    _resource.AddRange(Encoded(key, value));
                    break;
            }
        }
        if (dropped > 0)
        {
            _resource.AddRange(Encoded("resource_dropped_attributes_count", (long)dropped));
        }
        if (_labels.Count == 0)
        {
            // Without any label there would be no stream: it gets the one that every stream has.
            _labels.Add(new Label(Enrichment.ServiceNames.Label, Enrichment.ServiceNames.Unknown));
        }
    }

    public void BeginScope(string name, string version, IReadOnlyList<(string Key, object? Value)> attributes, ulong dropped)
    {
        _scope.Clear();
        foreach (var (key, value) in attributes)
        {
            if (OtlpAttributeRule.Decide(options.ScopeAttributes, key) is not OtlpAttributeAction.Drop)
            {
                _scope.AddRange(Encoded(key, value));
            }
        }
        _scope.AddRange(Encoded("scope_name", name));
        _scope.AddRange(Encoded("scope_version", version));
        if (dropped > 0)
        {
            _scope.AddRange(Encoded("scope_dropped_attributes_count", (long)dropped));
        }
        session.BeginStream(_labels);
        _severityOfStream = null;
    }

    /// <param name="line">The body as text, valid UTF-8.</param>
    public void Write(OtlpLogRecord record, ReadOnlySpan<byte> line)
    {
        if (options.SeverityTextAsLabel && _severityOfStream != record.SeverityText)
        {
            _severityOfStream = record.SeverityText;
            session.BeginStream(record.SeverityText.Length == 0 ? _labels : [.. _labels, new Label("severity_text", record.SeverityText)]);
        }
        session.BeginEntry(TimeOf(record), line);
        foreach (var (key, value) in record.Attributes)
        {
            if (OtlpAttributeRule.Decide(options.LogAttributes, key) is not OtlpAttributeAction.Drop)
            {
                foreach (var (name, text) in Flat(key, value))
                {
                    Metadata(name, text);
                }
            }
        }
        if (record.ObservedNs > 0)
        {
            Metadata("observed_timestamp", record.ObservedNs.ToString(CultureInfo.InvariantCulture));
        }
        if (record.SeverityNumber > 0)
        {
            Metadata("severity_number", record.SeverityNumber.ToString(CultureInfo.InvariantCulture));
        }
        Metadata("severity_text", record.SeverityText);
        if (record.Flags > 0)
        {
            Metadata("flags", record.Flags.ToString(CultureInfo.InvariantCulture));
        }
        Metadata("trace_id", record.TraceId);
        Metadata("span_id", record.SpanId);
        Metadata("event_name", record.EventName);
        if (record.DroppedAttributes > 0)
        {
            Metadata("dropped_attributes_count", record.DroppedAttributes.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var (name, value) in _scope)
        {
            session.Metadata(name, value);
        }
        foreach (var (name, value) in _resource)
        {
            session.Metadata(name, value);
        }
        session.EndEntry();
    }

    private long TimeOf(OtlpLogRecord record) => (long)Math.Min(
        long.MaxValue, record.TimeNs > 0 ? record.TimeNs : record.ObservedNs > 0 ? record.ObservedNs : (ulong)nowNs);

    private void Metadata(string name, string value)
    {
        if (value.Length == 0)
        {
            return;
        }
        var most = Encoding.UTF8.GetMaxByteCount(name.Length + value.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }
        var named = Encoding.UTF8.GetBytes(name, _text);
        var valued = Encoding.UTF8.GetBytes(value, _text.AsSpan(named));
        session.Metadata(_text.AsSpan(0, named), _text.AsSpan(named, valued));
    }

    private IEnumerable<(byte[] Name, byte[] Value)> Encoded(string key, object? value) =>
        [.. Flat(key, value).Select(static pair => (Encoding.UTF8.GetBytes(pair.Name), Encoding.UTF8.GetBytes(pair.Value)))];

    /// <summary>An attribute as names and texts: what is inside a map has a name of its own.</summary>
    private List<(string Name, string Value)> Flat(string key, object? value)
    {
        _flat.Clear();
        Flatten(Name(key), value);
        return _flat;
    }

    private void Flatten(string name, object? value)
    {
        if (value is List<(string Key, object? Value)> map)
        {
            foreach (var (key, inner) in map)
            {
                Flatten($"{name}_{Name(key)}", inner);
            }
        }
        else if (AttributeText.Of(value) is { Length: > 0 } text)
        {
            _flat.Add((name, text));
        }
    }

    private static string Name(string key)
    {
        if (key.Length == 0 || (!char.IsAsciiDigit(key[0]) && key.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_')))
        {
            return key;
        }
        var name = string.Concat(key.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }
}
