namespace Pharos.Storage.Metrics.Head;

/// <summary>What a view sees of the head's series.</summary>
/// <param name="Commit">The newest commit that it sees.</param>
/// <param name="FromMs">What lies before is in the blocks, even if the head still has it.</param>
internal sealed record HeadPart(HeadSelection Selection, long Commit, long FromMs);
