using Pharos.Collection.Shipping;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>What reading promtail.yml gave; no options where it has errors.</summary>
internal sealed record PromtailReadResult(ShipperOptions? Options, ConfigFileReport Report);
