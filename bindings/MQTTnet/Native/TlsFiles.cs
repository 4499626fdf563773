using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Native;

/// <summary>Certificates as the PEM files that libmosquitto wants, readable by this user only; gone when disposed.</summary>
internal sealed class TlsFiles : IDisposable
{
    private const string SystemAuthorities = "/etc/ssl/certs";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mqtt-tls-");

    internal void Apply(MosquittoHandle mosquitto, MqttClientTlsOptions options)
    {
        if (options.RevocationMode != X509RevocationMode.NoCheck)
        {
            throw new NotSupportedException("libmosquitto does not look up revoked certificates: WithRevocationMode(X509RevocationMode.NoCheck) says that this is known.");
        }

        string? authorities = options.TrustChain is { Count: > 0 } chain
            ? Write("ca.pem", string.Join('\n', chain.Select(certificate => certificate.ExportCertificatePem())))
            : null;
        X509Certificate2? own = options.ClientCertificates?.FirstOrDefault();
        string? certificateFile = own is null ? null : Write("certificate.pem", own.ExportCertificatePem());
        string? keyFile = own is null ? null : Write("key.pem", KeyOf(own));
        int error = Mosquitto.SetTls(mosquitto, authorities, authorities is null ? SystemAuthorities : null, certificateFile, keyFile, 0);
        if (error != 0)
        {
            throw new CryptographicException($"libmosquitto does not take the certificates: {Mosquitto.Describe(error, 0)}");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string KeyOf(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
        return key?.ExportPkcs8PrivateKeyPem() ?? throw new CryptographicException("The client certificate has no private key (RSA or ECDSA).");
    }

    // The folder is made with mode 0700.
    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
