namespace Pharos.Storage.State.Sharing;

/// <summary>What a node wants of the lease.</summary>
public enum LeaseWish
{
    /// <summary>Only to know who has it.</summary>
    Look,

    /// <summary>To keep it for another time to live.</summary>
    Renew,

    /// <summary>To have it, where its time is over and nobody else was quicker.</summary>
    Acquire,

    /// <summary>To give it back, so that nobody waits for its end.</summary>
    Release,
}
