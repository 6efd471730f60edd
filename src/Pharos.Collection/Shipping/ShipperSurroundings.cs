using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;
using Pharos.Collection.Receivers.Loki.Intake;

namespace Pharos.Collection.Shipping;

/// <summary>What a shipper runs in.</summary>
/// <param name="ReadYamlTargets">Reads .yml and .yaml target files.</param>
/// <param name="Host">This machine's name, by which targets of other nodes are left out.</param>
/// <param name="PushHost">Listens for pushes; null where nobody can.</param>
public sealed record ShipperSurroundings(
    LokiIntake Intake, TimeProvider Time, ILogger Logger, Meter Meter, TargetFileReader ReadYamlTargets, string Host,
    IPushHost? PushHost = null);
