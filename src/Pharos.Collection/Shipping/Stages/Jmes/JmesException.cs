namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>An expression that cannot be read, or that does not fit the value it is applied to.</summary>
public sealed class JmesException(string message) : Exception(message);
