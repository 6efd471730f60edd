namespace Pharos.Collection.Shipping.Stages;

/// <summary>One step of a pipeline. It changes an entry and passes it on, keeps it back, or drops it by not passing it on.</summary>
/// <remarks>A stage object serves one source and one thread at a time, unless it has no state.</remarks>
public interface IStage
{
    void Process(ShippedEntry entry, IEntryOutput next);
}
