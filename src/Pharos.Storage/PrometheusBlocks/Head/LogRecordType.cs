namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>The kinds of records in a Prometheus log (tsdb/record/record.go).</summary>
internal enum LogRecordType : byte
{
    Series = 1,
    Samples = 2,
    Tombstones = 3,
    Exemplars = 4,
    MappedChunks = 5,
    Metadata = 6,
    Histograms = 7,
    FloatHistograms = 8,
    CustomHistograms = 9,
    CustomFloatHistograms = 10,
    SamplesWithStart = 11,
    HistogramsWithStart = 12,
    FloatHistogramsWithStart = 13,
    MinValidTime = 14,
}
