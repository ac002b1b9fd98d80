/** Puts the page together and onto the screen. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/wght.css'
import '../ui/base.css'
import '../ui/tokens.css'
import { createPageRouter } from './routes.tsx'
import { ServicesContext, type Services } from './services.ts'

export function mountApp(element: HTMLElement, services: Services): void {
  const queryClient = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } })
  const router = createPageRouter()
  createRoot(element).render(
    <ServicesContext value={services}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ServicesContext>,
  )
}
