namespace Pharos.Collection.Discovery;

/// <summary>Lists all targets of one discovery when asked. Disposed when its discovery ends.</summary>
internal interface ITargetSource : IDisposable
{
    /// <exception cref="Exception">Any: the discovery counts and logs it and keeps the targets that were found last.</exception>
    Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation);
}
