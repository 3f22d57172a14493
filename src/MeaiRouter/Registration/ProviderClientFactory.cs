using MeaiRouter.OpenAI;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>Makes the client of a configured provider; a service of this type takes the place of the usual way.</summary>
internal delegate IChatClient ProviderClientFactory(OpenAICompatibleOptions options);
