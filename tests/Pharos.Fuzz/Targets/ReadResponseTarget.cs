using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Files;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Fuzz.Targets;

/// <summary>What another server answers to our remote read: samples, or a frame of chunks.</summary>
internal sealed class ReadResponseTarget(string name, bool chunks) : FuzzTarget
{
    private static readonly ReadQuery Query = new(PromqlStore.StartMs, PromqlStore.EndMs, []);

    public override string Name => name;

    public override InputForm Form => InputForm.Protobuf;

    public override IEnumerable<byte[]> MadeInputs() => chunks ? ChunkInputs.Frames() : ProtobufInputs.ReadResponses();

    public override string Run(byte[] input)
    {
        var series = new List<ReadSeries>();
        try
        {
            if (chunks)
            {
                ReadResponseMessage.ReadChunks(input, Query, "peer", series);
            }
            else
            {
                ReadResponseMessage.ReadSamples(input, series);
            }
            return $"{Shape.Of(series.Count)} {Shape.Of(series.Sum(static one => one.Samples.Count))}";
        }
        catch (Exception bad) when (bad is InvalidDataException or CorruptFileException)
        {
            return Shape.Of(bad.Message);
        }
    }
}
