namespace Pharos.Collection.Discovery;

/// <summary>Finds targets and keeps finding them.</summary>
internal interface IDiscovery
{
    string Kind { get; }

    /// <summary>Runs until cancelled. <paramref name="publish"/> takes the whole of what is known, at the start and after
    /// each change; it may be called from any thread, never twice at a time.</summary>
    Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation);
}
