using Pharos.Storage.Logs;
using Pharos.Storage.Logs.Blocks;

namespace Pharos.Benchmarks.Logs;

/// <summary>What of a store's parts is what.</summary>
internal static class LogPartSizes
{
    public static IEnumerable<(string Name, long Bytes)> Of(LogStore store)
    {
        var parts = store.View.Parts;
        var blocks = parts.SelectMany(static part => part.Blocks).ToArray();
        var columns = new (string Name, Func<BlockEntry, FramePlace> Frame)[]
        {
            ("lines", static block => block.Lines), ("hex texts", static block => block.HexTexts),
            ("line ends", static block => block.LineEnds), ("times", static block => block.Times),
            ("metadata", static block => block.Metadata), ("runs and minutes", static block => block.Runs),
            ("text filters", static block => block.TextFilter), ("metadata filters", static block => block.MetadataFilter),
        };
        var left = parts.Sum(static part => part.SizeBytes);
        foreach (var (name, frame) in columns)
        {
            var bytes = blocks.Sum(block => (long)frame(block).SizeBytes);
            left -= bytes;
            yield return (name, bytes);
        }
        yield return ("index", left);
    }
}
