namespace Pharos.Server.SelfMonitoring;

internal enum AnswerKind
{
    /// <summary>Prometheus' text format 0.0.4.</summary>
    Text,

    /// <summary>Prometheus' text format 1.0.0, which has quoted names.</summary>
    Text100,
    OpenMetrics,
    OpenMetrics001,

    /// <summary>Messages with their length in front: the one that carries native histograms.</summary>
    Protobuf,
}
