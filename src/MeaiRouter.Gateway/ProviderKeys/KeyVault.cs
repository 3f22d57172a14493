using System.Security.Cryptography;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.DataProtection;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>Encrypts providers' keys: with the application's own data protection where it has some, else with a ring of keys in a folder.</summary>
internal sealed class KeyVault
{
    private const string Application = "MeaiRouter";
    private const string Purpose = "MeaiRouter.ProviderKeys";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lazy<IDataProtector?> _protector;

    /// <param name="own">The application's own data protection, if it has some.</param>
    /// <param name="folder">The folder of the ring, if one is configured.</param>
    /// <param name="isKept">Whether what is encrypted outlives the process, so that its keys must.</param>
    public KeyVault(IDataProtectionProvider? own, string? folder, bool isKept) => _protector = new(() =>
    {
        var provider = own ?? (folder is not null ? Ring(folder) : isKept ? null : new EphemeralDataProtectionProvider());
        return provider?.CreateProtector(Purpose);
    });

    /// <summary>Encrypts a key.</summary>
    /// <exception cref="GatewayException">There is nothing to encrypt with that would be there after a restart.</exception>
    public string Close(string secret) => (_protector.Value ?? throw new GatewayException(
        501, "not_implemented", "Providers' keys are kept encrypted, and this gateway has nothing to encrypt them with. Set MeaiRouter:Gateway:KeyRing to a folder that only it can read."))
        .Protect(secret);

    /// <summary>Decrypts a key; <see langword="null"/> if it was encrypted with something that is not there.</summary>
    public string? Open(string closed)
    {
        try
        {
            return _protector.Value?.Unprotect(closed);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IDataProtectionProvider Ring(string folder)
    {
        var directory = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
        return DataProtectionProvider.Create(directory, static ring => ring.SetApplicationName(Application));
    }
}
