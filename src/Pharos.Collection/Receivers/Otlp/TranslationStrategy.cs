namespace Pharos.Collection.Receivers.Otlp;

/// <summary>How OpenTelemetry's names become names of metrics and labels.</summary>
public enum TranslationStrategy
{
    /// <summary>Characters that legacy names do not have become underscores; unit and type are appended.</summary>
    UnderscoreEscapingWithSuffixes,

    /// <summary>As before, and nothing is appended.</summary>
    UnderscoreEscapingWithoutSuffixes,

    /// <summary>Names stay as they are, but for unit and type behind them.</summary>
    NoUtf8EscapingWithSuffixes,

    /// <summary>Names stay as they are.</summary>
    NoTranslation,
}
