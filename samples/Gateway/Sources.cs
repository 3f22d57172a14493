namespace Samples.Gateway;

/// <summary>Where the gateway's settings come from, the later over the earlier: appsettings.json, the user secrets, the environment, the command line, <c>--config FILE</c>, secret files.</summary>
internal static class Sources
{
    // Where containers mount secrets.
    private const string UsualSecrets = "/run/secrets";
    private const string Prefix = "MeaiRouter__";

    /// <summary>Adds the file and the secrets that the command line names.</summary>
    /// <returns>Whether anybody configured the router.</returns>
    public static bool AddTo(ConfigurationManager configuration)
    {
        var file = configuration["config"];
        if (!string.IsNullOrEmpty(file))
            AddFile(configuration, Path.GetFullPath(file));

        var secrets = configuration["secrets"];
        if (!string.IsNullOrEmpty(secrets) || Directory.Exists(UsualSecrets))
        {
            // One file for each setting, such as MeaiRouter__Providers__acme__ApiKey; other files belong to others.
            configuration.AddKeyPerFile(source =>
            {
                source.FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Path.GetFullPath(string.IsNullOrEmpty(secrets) ? UsualSecrets : secrets));
                source.IgnoreCondition = static name => !name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
                source.ReloadOnChange = true;
            });
        }

        return !string.IsNullOrEmpty(file) || configuration.GetSection("MeaiRouter").Exists();
    }

    private static void AddFile(ConfigurationManager configuration, string file)
    {
        var hasStarted = false;
        configuration.AddJsonFile(source =>
        {
            source.Path = file;
            source.ReloadOnChange = true;
            source.OnLoadException = context =>
            {
                // At the start it ends the process. Later the configuration in force stays, and only here is known why.
                if (hasStarted)
                    Console.Error.WriteLine($"The changed configuration cannot be read; the one before stays in force. {context.Exception.Message} {context.Exception.GetBaseException().Message}");
            };
            source.ResolveFileProvider();
        });
        hasStarted = true;
    }
}
