namespace Pharos.Collection.Shipping.Stages;

/// <summary>Makes a configured stage for one source. What sources share, such as a rate limit, belongs to the factory.</summary>
public delegate IStage StageFactory(StageContext context);
