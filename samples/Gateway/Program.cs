using MeaiRouter.Configuration;
using Samples.Gateway;

try
{
    // appsettings.json lies beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);

    // --config FILE is laid over appsettings.json, the environment and the command line.
    var file = builder.Configuration["config"];
    if (!string.IsNullOrEmpty(file))
        builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false);

    // Without any configuration there is nothing to serve but a demonstration; a wrong one must not end in it.
    var isConfigured = !string.IsNullOrEmpty(file) || builder.Configuration.GetSection("MeaiRouter").Exists();
    await using var demo = isConfigured ? null : await Demo.StartAsync(builder.Configuration);

    builder.Services.AddMeaiRouterGateway(builder.Configuration);

    await using var app = builder.Build();
    app.MapMeaiRouter();
    await app.StartAsync();
    if (demo is not null)
        Demo.Describe(app.Urls);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is MeaiRouterConfigurationException or IOException)
{
    // What the operator can mend: the configuration, a file that is not there, a port that is taken.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (InvalidDataException exception)
{
    // A file that is not JSON; only the innermost message knows the line.
    await Console.Error.WriteLineAsync($"{exception.Message} {exception.GetBaseException().Message}");
    return 1;
}
