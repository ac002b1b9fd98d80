/** Puts the page together and onto the screen. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/wght.css'
import '../ui/base.css'
import '../ui/tokens.css'
import { speech } from './page-speech.ts'
import { createPageRouter } from './routes.tsx'
import type { Services } from './services.ts'
import { SpokenPage } from './spoken-page.tsx'

export function mountApp(element: HTMLElement, services: Services): void {
  const queryClient = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } })
  const router = createPageRouter()
  const root = createRoot(element)
  router.subscribe('onResolved', ({ toLocation }) => void speech.follow(languageIn(toLocation.search)))
  // Nothing is said in one language and then in another: the first picture waits for the texts.
  void speech.follow(languageIn(router.latestLocation.search)).then(() =>
    root.render(
      <QueryClientProvider client={queryClient}>
        <SpokenPage services={services}>
          <RouterProvider router={router} />
        </SpokenPage>
      </QueryClientProvider>,
    ),
  )
}

function languageIn(search: object): string | undefined {
  return 'lang' in search && typeof search.lang === 'string' ? search.lang : undefined
}
