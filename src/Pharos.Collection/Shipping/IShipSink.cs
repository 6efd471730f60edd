namespace Pharos.Collection.Shipping;

/// <summary>Where one client's entries go.</summary>
/// <remarks>Thread-safe.</remarks>
internal interface IShipSink
{
    /// <summary>The client's name: its sources' marks are kept under it.</summary>
    string Name { get; }

    /// <summary>Marks that are kept, of all clients.</summary>
    IReadOnlyDictionary<string, string> Marks();

    /// <summary>Ends when the batch is where it belongs and its marks are kept; repeats until then.</summary>
    /// <exception cref="OperationCanceledException">Stopped meanwhile: the source will read it again.</exception>
    ValueTask DeliverAsync(ShipBatch batch, CancellationToken cancellation);
}
