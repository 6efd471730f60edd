using Pharos.Collection.Protobuf;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads the parts of <c>io.prometheus.write.v2.Request</c>, whose strings stand once in a table of symbols.</summary>
/// <exception cref="InvalidDataException">Thrown by every method where the bytes are no such message.</exception>
/// <param name="symbols">The table of the request at hand.</param>
internal sealed class WriteRequestV2(SymbolTable symbols)
{
    public const int SeriesField = 5;

    private readonly List<uint> _references = [];
    private string? _metadataFault;

    /// <summary>Reads <c>TimeSeries</c>: labels_refs = 1, samples = 2, histograms = 3, exemplars = 4, metadata = 5,
    /// created_timestamp = 6.</summary>
    /// <param name="request">All of it: the symbols stand there.</param>
    public void ReadSeries(ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, RemoteSeries into, HistogramAssembly histogram)
    {
        into.Clear();
        _references.Clear();
        _metadataFault = null;
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
                    into.Metadata = ReadMetadata(fields.Bytes(), request);
                    break;
                case 6:
                    into.StartTimeMs = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        if (Resolve(request, into.AddLabel) is { } fault)
        {
            into.SymbolFault = $"parsing labels for series {ReferencesText()}: {fault}";
        }
        else if (_metadataFault is not null)
        {
            into.MetadataFault = $"parsing metadata for series {ReferencesText()}: {_metadataFault}";
        }
        ReadExemplars(message, request, into);
    }

    /// <summary>Reads the metadata of a series; false where its references are none.</summary>
    /// <param name="metadata">Null where a text is no UTF-8.</param>
    public bool TryReadMetadata(ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, out MetricMetadata? metadata)
    {
        _metadataFault = null;
        metadata = ReadMetadata(message, request);
        return _metadataFault is null;
    }

    private void ReadExemplars(ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, RemoteSeries into)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 4)
            {
                ReadExemplar(fields.Bytes(), request, into);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    /// <summary>Reads <c>Exemplar</c>: labels_refs = 1, value = 2, timestamp = 3.</summary>
    private void ReadExemplar(ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, RemoteSeries into)
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
        if (Resolve(request, (name, text) => labels.Set(name.Text, text.Text)) is { } fault)
        {
            into.ExemplarFaults.Add(fault);
            return;
        }
        into.Exemplars.Add(new Exemplar(labels.Build(), value, timestampMs));
    }

    /// <summary>Reads <c>Metadata</c>: type = 1, help_ref = 3, unit_ref = 4.</summary>
    /// <returns>Null where a text is no UTF-8.</returns>
    private MetricMetadata? ReadMetadata(ReadOnlySpan<byte> message, ReadOnlySpan<byte> request)
    {
        var type = 0L;
        var (help, unit) = (RemoteText.Empty, RemoteText.Empty);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    type = fields.Int64();
                    break;
                case 3:
                    help = MetadataText("help", fields.UInt64(), request);
                    break;
                case 4:
                    unit = MetadataText("unit", fields.UInt64(), request);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return help.IsValid && unit.IsValid ? new MetricMetadata(RemoteMetricTypes.NameOf(type), help.Text, unit.Text) : null;
    }

    /// <summary>The first symbol is the empty one, whether the table has it or not.</summary>
    private RemoteText MetadataText(string what, ulong reference, ReadOnlySpan<byte> request)
    {
        if (reference < (ulong)symbols.Count)
        {
            return symbols.TextAt(request, (int)reference);
        }
        _metadataFault ??= reference == 0 ? null : $"{what} reference {reference} outside of symbols table (size {symbols.Count})";
        return RemoteText.Empty;
    }

    private string ReferencesText() => $"[{string.Join(' ', _references)}]";

    /// <summary>Hands over the pairs of names and values that the references name.</summary>
    /// <returns>Null, or in Prometheus' words what is wrong with the references.</returns>
    private string? Resolve(ReadOnlySpan<byte> request, Action<RemoteText, RemoteText> add)
    {
        if (_references.Count % 2 != 0)
        {
            return $"invalid labelRefs length {_references.Count}";
        }
        for (var i = 0; i < _references.Count; i += 2)
        {
            var (name, value) = (_references[i], _references[i + 1]);
            if (name >= symbols.Count || value >= symbols.Count)
            {
                return $"labelRefs {name} (name) = {value} (value) outside of symbols table (size {symbols.Count})";
            }
            add(symbols.TextAt(request, (int)name), symbols.TextAt(request, (int)value));
        }
        return null;
    }
}
