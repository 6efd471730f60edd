namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>A commit while it is applied.</summary>
/// <param name="Number">Rises from commit to commit.</param>
/// <param name="OldestReader">The oldest commit that an open view, or one that opens now, may ask for: what was committed up to then every
/// view sees.</param>
/// <param name="NewestReader">The newest commit that a view asks for that was open when the commit began. Those that open since ask for
/// the one before this, and for no older.</param>
internal readonly record struct CommitScope(long Number, long OldestReader, long NewestReader)
{
    /// <summary>For what is read back at the start, when nobody asks.</summary>
    public static readonly CommitScope Replay = new(1, 1, 1);
}
