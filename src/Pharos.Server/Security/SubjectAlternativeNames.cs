using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Pharos.Server.Security;

/// <summary>The names in a certificate's extension of that name (RFC 5280, 4.2.1.6): DNS names, mail addresses, IP
/// addresses and URIs, as texts.</summary>
internal static class SubjectAlternativeNames
{
    private const int Mail = 1;
    private const int DnsName = 2;
    private const int Url = 6;
    private const int Address = 7;

    public static IEnumerable<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (list.HasData)
            {
                var tag = list.PeekTag();
                if (tag.TagValue is Mail or DnsName or Url)
                {
                    names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else if (tag.TagValue == Address)
                {
                    names.Add(new IPAddress(list.ReadOctetString(tag)).ToString());
                }
                else
                {
                    list.ReadEncodedValue();
                }
            }
        }
        return names;
    }
}
