namespace Pharos.Collection.Shipping.Targets;

/// <summary>Brings entries in that are in no file.</summary>
internal interface ISource
{
    /// <summary>Whether the sender can be made to wait; otherwise what finds no room is dropped.</summary>
    bool CanWait { get; }

    /// <summary>Runs until cancelled. What it throws is logged, and it is run again after a while.</summary>
    /// <param name="put">Takes an entry; false where there was no room for it.</param>
    Task RunAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation);
}
