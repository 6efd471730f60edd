using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Prints each block when it is there, as promtool does.</summary>
internal sealed class CreatedBlocks(string directory, bool quiet, bool humanReadable, TextWriter output)
{
    public int Count { get; private set; }

    public void Add(PrometheusBlockMeta meta)
    {
        Count++;
        if (!quiet)
        {
            using var block = PrometheusBlock.Open(Path.Combine(directory, meta.Ulid));
            BlockTable.Print([BlockRow.Of(block)], withHeader: Count == 1, humanReadable, output);
        }
    }
}
