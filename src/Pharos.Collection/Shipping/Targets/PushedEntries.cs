using System.Text;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Gathers the entries of one push, all of them before the first is shipped: a body that is wrong ships nothing.</summary>
/// <param name="tenant">Who pushes, for relabeling; empty where nobody says.</param>
internal sealed class PushedEntries(PushSourceOptions options, string tenant, long nowNs) : ILokiPushSink
{
    private readonly List<SourceEntry> _entries = [];
    private List<KeyValuePair<string, string>> _metadata = [];
    private LabelSet _labels = LabelSet.Empty;
    private string _line = "";
    private long _timeNs;

    public IReadOnlyList<SourceEntry> Entries => _entries;

    public void BeginStream(ReadOnlySpan<byte> labels, StreamTextForm form)
    {
        var parsed = StreamText.Parse(labels, form, out var error)
            ?? throw new InvalidDataException($"couldn't parse labels {Encoding.UTF8.GetString(labels)}: {error}");
        _labels = Complete(parsed);
    }

    public void BeginEntry(long timeNs, ReadOnlySpan<byte> line)
    {
        _timeNs = options.UsesIncomingTime ? timeNs : nowNs;
        _line = Encoding.UTF8.GetString(line);
        _metadata = [];
    }

    public void Metadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _metadata.Add(new(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value)));

    public void EndEntry() => _entries.Add(new SourceEntry(_labels, _timeNs, _line) { Metadata = _metadata });

    /// <summary>Every line of a text that is not empty, with the target's labels alone and the time of now.</summary>
    public void AddLines(ReadOnlySpan<byte> text)
    {
        _labels = Complete([]);
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd((byte)'\r');
            if (!line.IsEmpty)
            {
                _entries.Add(new SourceEntry(_labels, nowNs, Encoding.UTF8.GetString(line)));
            }
        }
    }

    /// <summary>The target's own labels win over those of the stream, as in Promtail.</summary>
    private LabelSet Complete(IReadOnlyList<Label> stream)
    {
        var labels = new LabelSetBuilder();
        if (tenant.Length > 0)
        {
            labels.Set(ShipLabels.Tenant, tenant);
        }
        foreach (var label in stream)
        {
            labels.Set(label.Name, label.Value);
        }
        foreach (var label in options.Labels)
        {
            labels.Set(label.Name, label.Value);
        }
        return labels.Build();
    }
}
