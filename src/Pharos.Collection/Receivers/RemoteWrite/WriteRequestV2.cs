using Pharos.Collection.Protobuf;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads the parts of <c>io.prometheus.write.v2.Request</c>, whose strings stand once in a table of symbols.</summary>
/// <exception cref="InvalidDataException">Thrown by every method where the bytes are no such message.</exception>
internal sealed class WriteRequestV2
{
    public const int SeriesField = 5;

    private const int SymbolField = 4;

    private readonly List<RemoteText> _symbols = [];
    private readonly List<uint> _references = [];

    public WriteRequestV2(ReadOnlySpan<byte> request)
    {
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            if (field == SymbolField)
            {
                _symbols.Add(RemoteText.From(fields.Bytes()));
            }
            else
            {
                fields.Skip();
            }
        }
    }

    /// <summary>Reads <c>TimeSeries</c>: labels_refs = 1, samples = 2, histograms = 3, exemplars = 4, metadata = 5,
    /// created_timestamp = 6.</summary>
    public void ReadSeries(ReadOnlySpan<byte> message, RemoteSeries into, HistogramAssembly histogram)
    {
        into.Clear();
        _references.Clear();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    fields.UInt32s(_references);
                    break;
                case 2:
                    into.Samples.Add(WriteRequestV1.ReadSample(fields.Bytes()));
                    break;
                case 3:
                    into.Histograms.Add(RemoteHistogram.Read(fields.Bytes(), histogram));
                    break;
                case 5:
                    into.Metadata = ReadMetadata(fields.Bytes());
                    break;
                case 6:
                    into.StartTimeMs = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        into.SymbolFault = Resolve(into.AddLabel);
        ReadExemplars(message, into);
    }

    private void ReadExemplars(ReadOnlySpan<byte> message, RemoteSeries into)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 4)
            {
                ReadExemplar(fields.Bytes(), into);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    /// <summary>Reads <c>Exemplar</c>: labels_refs = 1, value = 2, timestamp = 3.</summary>
    private void ReadExemplar(ReadOnlySpan<byte> message, RemoteSeries into)
    {
        _references.Clear();
        var (value, timestampMs) = (0d, 0L);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    fields.UInt32s(_references);
                    break;
                case 2:
                    value = fields.Double();
                    break;
                case 3:
                    timestampMs = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        var labels = new LabelSetBuilder();
        into.SymbolFault ??= Resolve((name, text) => labels.Set(name.Text, text.Text));
        into.Exemplars.Add(new Exemplar(labels.Build(), value, timestampMs));
    }

    /// <summary>Reads <c>Metadata</c>: type = 1, help_ref = 3, unit_ref = 4.</summary>
    private MetricMetadata ReadMetadata(ReadOnlySpan<byte> message)
    {
        var (type, help, unit) = (0L, "", "");
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    type = fields.Int64();
                    break;
                case 3:
                    help = SymbolOrEmpty(fields.UInt64());
                    break;
                case 4:
                    unit = SymbolOrEmpty(fields.UInt64());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return new MetricMetadata(RemoteMetricTypes.NameOf(type), help, unit);
    }

    private string SymbolOrEmpty(ulong reference) =>
        reference < (ulong)_symbols.Count ? _symbols[(int)reference].Text : "";

    /// <summary>Hands over the pairs of names and values that the references name.</summary>
    /// <returns>Null, or in Prometheus' words what is wrong with the references.</returns>
    private string? Resolve(Action<RemoteText, RemoteText> add)
    {
        if (_references.Count % 2 != 0)
        {
            return $"invalid labelRefs length {_references.Count}";
        }
        for (var i = 0; i < _references.Count; i += 2)
        {
            var (name, value) = (_references[i], _references[i + 1]);
            if (name >= _symbols.Count)
            {
                return $"labelRefs {i} (name) = {name} outside of symbols table (size {_symbols.Count})";
            }
            if (value >= _symbols.Count)
            {
                return $"labelRefs {i + 1} (value) = {value} outside of symbols table (size {_symbols.Count})";
            }
            add(_symbols[(int)name], _symbols[(int)value]);
        }
        return null;
    }
}
