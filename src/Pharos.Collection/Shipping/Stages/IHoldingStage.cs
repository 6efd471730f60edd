namespace Pharos.Collection.Shipping.Stages;

/// <summary>A stage that keeps entries back until it has seen later ones.</summary>
public interface IHoldingStage : IStage
{
    /// <summary>Passes on what has waited long enough, or everything at the end of the source.</summary>
    void Flush(long nowMs, bool everything, IEntryOutput next);

    /// <summary>Adds the places that entries which are kept back came from: a restart must read these again.</summary>
    void AddHeld(List<SourceRange> held);
}
