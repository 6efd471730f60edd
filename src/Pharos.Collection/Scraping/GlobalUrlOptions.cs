namespace Pharos.Collection.Scraping;

/// <summary>What turns a target on this machine's loopback into an address that a browser elsewhere can open.</summary>
/// <param name="ListenAddress">Where this server listens, <c>host:port</c>.</param>
/// <param name="Host">Host, with port where there is one, of the external URL.</param>
/// <param name="Scheme">Scheme of the external URL.</param>
public sealed record GlobalUrlOptions(string ListenAddress, string Host, string Scheme);
