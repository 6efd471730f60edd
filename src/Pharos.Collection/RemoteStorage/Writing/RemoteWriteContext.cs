using Microsoft.Extensions.Logging;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What the queues of one server share.</summary>
internal sealed record RemoteWriteContext(
    IMetricStore Store, TimeProvider Time, ILogger Logger, RemoteWriteMetrics Metrics, LogPositions Positions, string UserAgent);
