namespace Pharos.Storage.Logs.Blocks;

/// <summary>A run as a part's file has it: neighbouring rows of one stream.</summary>
/// <param name="Stream">Its number in the part.</param>
/// <param name="First">Its first row in the block.</param>
/// <param name="FirstMinute">Its first count by minute in the block's table, of <paramref name="Minutes"/>.</param>
internal readonly record struct BlockRun(
    int Stream, int First, int Count, long MinTimeNs, long MaxTimeNs, long LineBytes, int FirstMinute, int Minutes);
