namespace Pharos.Instrumentation.Exposition;

/// <summary>How measurements of an instrument become a value: added up, or taken as they are.</summary>
internal enum InstrumentKind
{
    Counter,
    ObservedCounter,
    UpDownCounter,
    ObservedUpDownCounter,
    Gauge,
    ObservedGauge,
    Histogram,
}
